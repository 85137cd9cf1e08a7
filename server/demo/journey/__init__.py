"""A citizen's way through the demo hall, driven by mouse and keyboard and watched on the screen of every program.

Nothing here calls the server or a program's code: it presses through the drivers' sockets, reads what stands on the windows
of the other processes, and looks for the same in a picture of the whole screen.
"""
