// Room AdminCommands.
