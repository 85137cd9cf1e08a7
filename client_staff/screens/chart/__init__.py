"""The organisation chart, drawn."""

from client_staff.screens.chart.page import ChartPage
from client_staff.screens.registry import Page
from common.text import N_

PAGE = Page("org_chart", N_("Organisation chart"), "tree", "organisation", "organisation.see", ChartPage)
