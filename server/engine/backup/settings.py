"""Settings of backups."""

from common.text import N_
from server.engine.settings import setting

EVERY_HOURS = setting(
    "backup.every_hours", 24, N_("A backup is taken every"), unit="h", least=0, most=720,
    help=N_("0 takes none by itself."),
)  # fmt: skip
FOLDER = setting(
    "backup.folder", "", N_("Backups lie in this folder of the server"),
    help=N_("Another disk is better than the server's own. Empty: the folder backups in the data folder."),
)  # fmt: skip
KEEP_DAYS = setting("backup.keep_days", 14, N_("Backups are kept for"), unit="d", least=1, most=3650)
KEEP_LEAST = setting(
    "backup.keep_least", 3, N_("So many good backups are kept whatever their age"), least=1, most=1000
)  # fmt: skip
ALARM_HOURS = setting(
    "backup.alarm_hours", 48, N_("Alarm when the last good backup is older than"), unit="h", least=0, most=8760,
    help=N_("0 gives no alarm."),
)  # fmt: skip
ENCRYPT = setting(
    "backup.encrypt", False, N_("Backups by schedule are encrypted"),
    help=N_("The server finds the passphrase in OPENHALL_BACKUP_PASSPHRASE or in the file that "
            "OPENHALL_BACKUP_PASSPHRASE_FILE names."),
)  # fmt: skip
