"""Forms: drawn, published, filled in, their answers read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from common.protocol.messages import Message, Words

Code = str
MOST_ANSWERS = 500


class AskForm(Message):
    """`forms.drawing`: the draft, else the version in use, else the newest; or the version of a number."""

    code: str
    number: int | None = None


class FormVersionCard(Message):
    """One version in a form's list of versions."""

    number: int
    state: str
    published_at: datetime | None = None
    note: str = ""
    answered: int = 0


class FormView(Message):
    """A form as its designer opens it."""

    form_id: UUID
    code: str
    name: Words
    number: int
    state: str
    version: int
    """For `expects` of the next save."""
    current: int | None = None
    definition: dict[str, Any]
    versions: list[FormVersionCard] = []


class SaveFormDraft(Message):
    """`forms.save_draft`: a new code makes a new form."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")
    name: Words
    definition: dict[str, Any]
    expects: int | None = None
    """The draft's version as it was read; another one is refused."""
    note: str = Field(default="", max_length=2000)


class FormDraftSaved(Message):
    """Under which number the draft is kept."""

    form_id: UUID
    number: int
    version: int


class CheckForm(Message):
    """`forms.check`."""

    definition: dict[str, Any]


class FormFinding(Message):
    """Something about a form, its sentence in the reader's language."""

    element: str = ""
    part: str = ""
    code: str
    start: int = 0
    end: int = 0
    says: str
    remark: bool = False


class FormFindings(Message):
    """All of it, what forbids publishing first."""

    findings: list[FormFinding] = []


class PublishForm(Message):
    """`forms.publish`."""

    code: str
    note: str = Field(default="", max_length=2000)


class FormPublished(Message):
    """The version that is now in use."""

    number: int


class CopyForm(Message):
    """`forms.copy`: a new form whose draft is another's newest version."""

    code: str
    to: str = Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")
    name: Words


class FormText(Message):
    """A form as a JSON document, to be carried to another hall: answer of `forms.carry`, input of `forms.take_in`."""

    document: str = Field(max_length=500_000)


class OpenForm(Message):
    """`forms.open`: a form to be filled in, in its version in use or that of a number."""

    code: str
    number: int | None = None
    about: str = Field(default="", max_length=60)
    """The kind of record that the form is about, such as `service`, and its id."""
    about_id: UUID | None = None


class OpenedForm(Message):
    """What a program needs to draw a form."""

    code: str
    number: int
    definition: dict[str, Any]
    """With the entries of dictionaries as choices."""
    answers: dict[str, Any] = {}
    context: dict[str, Any] = {}
    """What expressions may name of the day, the applicant and the service."""


class FillForm(Message):
    """`forms.fill`: answers of a new form, or of a kept draft by `id`."""

    code: str
    number: int | None = None
    id: UUID | None = None
    expects: int | None = None
    answers: dict[str, Any]
    send: bool = True
    """Without it a draft is kept: nothing need be there yet."""
    about: str = Field(default="", max_length=60)
    about_id: UUID | None = None


class FormFilled(Message):
    """A filled form's identity and what became of its answers."""

    id: UUID
    version: int
    state: str
    answers: dict[str, Any]


class AskLookUp(Message):
    """`forms.look_up`: a button of a form, with the answers so far."""

    code: str
    number: int | None = None
    button: str
    """Its key: its name, within rows `rows.0.name`."""
    answers: dict[str, Any]
    about: str = Field(default="", max_length=60)
    about_id: UUID | None = None


class LookedUp(Message):
    """Values by the names of elements; the program takes over what fits (`common.forms.pressing.looked_up`)."""

    found: dict[str, Any] = {}


class AskFilled(Message):
    """`forms.filled`."""

    id: UUID


class FilledForm(Message):
    """A filled form with the version of the form in which it was filled."""

    id: UUID
    version: int
    code: str
    number: int
    state: str
    sent_at: datetime | None = None
    about: str = ""
    about_id: UUID | None = None
    definition: dict[str, Any]
    answers: dict[str, Any]


class AnswerCondition(Message):
    """One condition on an element: is, is_not, at_least, at_most, contains, empty, not_empty. Within rows one row meets it."""

    field: str
    operator: Literal["is", "is_not", "at_least", "at_most", "contains", "empty", "not_empty"] = "is"
    value: Any = None


class AskAnswers(Message):
    """`forms.answers`: what was sent with one form, its elements as fields (SVD-026)."""

    code: str
    conditions: list[AnswerCondition] = Field(default=[], max_length=20)
    sort: str = ""
    """An element's name, a minus before it for downwards; else the newest first."""
    limit: int = Field(default=100, ge=1, le=MOST_ANSWERS)
    after: str = Field(default="", max_length=400)


class AnswerField(Message):
    """An element as a column."""

    name: str
    label: str
    kind: str
    decimals: int = 0
    choices: dict[str, str] = {}
    rows: str = ""
    """The repeated group that it lies in."""


class AnswerRow(Message):
    """What was sent once."""

    id: UUID
    number: int
    """The form's version."""
    sent_at: datetime
    answers: dict[str, Any]


class Answered(Message):
    """A page of answers."""

    fields: list[AnswerField] = []
    items: list[AnswerRow] = []
    total: int = 0
    next: str = ""


class AskResults(Message):
    """`forms.results`."""

    code: str


class ResultBar(Message):
    """One answer and how often it was given."""

    value: str
    label: str
    count: int


class Result(Message):
    """What was answered to one question: counted where there are few answers, the middle of numbers, some texts."""

    name: str
    label: str
    kind: str
    answered: int
    bars: list[ResultBar] = []
    average: float | None = None
    least: int | None = None
    most: int | None = None
    decimals: int = 0
    texts: list[str] = []


class Results(Message):
    """A survey's results (SM-SURV)."""

    sent: int = 0
    anonymous: bool = False
    questions: list[Result] = []
