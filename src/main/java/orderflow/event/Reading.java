package orderflow.event;

/**
 * What a consumer has read from a record, with the record itself for the case that it can't be used
 * after all.
 */
public record Reading<T>(EventRecord record, T value) {}
