//! What can go wrong, with the file, the key, the value, the unit and the remedy as fields.
