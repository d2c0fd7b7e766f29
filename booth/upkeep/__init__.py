"""What keeps a booth standing unattended: the doctor, the table of faults, watchdog, monitoring and memory."""
