"""The only Qt in common: a program's frame, the gate between coroutines and widgets, dialogs, theme, widgets, charts."""
