"""All that waits for me, from every flow, by due date."""

from client_staff.screens.registry import Page
from client_staff.screens.to_do.page import ToDoPage
from common.text import N_

PAGE = Page("to_do", N_("To-do"), "list", "office", "", ToDoPage)
