-- Payments are listed by the code of their program, a page at a time.
create index payment_of_code on payment (program_code, payment_id);
