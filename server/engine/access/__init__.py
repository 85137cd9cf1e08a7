"""Who may do what: permissions, tokens, sign-in, enrolment, the hall's certificate authority."""
