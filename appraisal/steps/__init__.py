"""The steps of the protocol, one file each: the only writers of the store. No Flask here."""
