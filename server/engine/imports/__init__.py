"""Lists from files (Excel, CSV): read and tried out in a process of their own, taken in small pieces, undone as a whole."""
