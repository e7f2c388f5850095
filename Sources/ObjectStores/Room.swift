// Room ObjectStores.
