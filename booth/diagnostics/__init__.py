"""What the booth costs, how clean its mattes are and how fairly it judges: measured, compared and drawn."""
