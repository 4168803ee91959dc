-- Those that an operator should look at, for lists and for counting them.
create index dead_letter_waiting on dead_letter (consumer, id) where state = 'WAITING';
