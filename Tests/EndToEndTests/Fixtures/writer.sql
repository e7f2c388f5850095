-- Sessions that work write 150 to 250 transactions a second each, over tables linked by foreign keys. Old orders go, so it stays small.
CREATE TABLE customers (id int PRIMARY KEY, balance bigint NOT NULL);
CREATE TABLE orders (id bigserial PRIMARY KEY, customer int NOT NULL REFERENCES customers, note text);
CREATE TABLE lines (id bigserial PRIMARY KEY, "order" bigint NOT NULL REFERENCES orders ON DELETE CASCADE, amount int NOT NULL);
CREATE INDEX ON lines ("order");
CREATE TABLE control (stopped boolean NOT NULL);
INSERT INTO control VALUES (false);
INSERT INTO customers SELECT i, 0 FROM generate_series(1, 100) i;

CREATE PROCEDURE work() LANGUAGE plpgsql AS $$
DECLARE
    buyer int;
    bought bigint;
BEGIN
    WHILE NOT (SELECT stopped FROM control) LOOP
        buyer := 1 + floor(random() * 100);
        INSERT INTO orders (customer, note) VALUES (buyer, md5(random()::text)) RETURNING id INTO bought;
        INSERT INTO lines ("order", amount) SELECT bought, i FROM generate_series(1, 3) i;
        UPDATE customers SET balance = balance + 6 WHERE id = buyer;
        DELETE FROM orders WHERE id = bought - 1000;
        COMMIT;
        PERFORM pg_sleep(0.003);
    END LOOP;
END $$;
