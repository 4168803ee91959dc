package orderflow.consumer;

/**
 * What a consumer has read from a record, with the record itself for the case that it can't be used
 * after all.
 */
public record ParsedRecord<T>(EventRecord record, T value) {}
