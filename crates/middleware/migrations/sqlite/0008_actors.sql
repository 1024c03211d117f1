-- Who asked for a change: 'customer', 'staff:' with an id, 'shop', 'rule' or 'link'.
ALTER TABLE changes ADD COLUMN actor TEXT NOT NULL DEFAULT 'customer';
