package orderflow.consumer;

/** A consumer of the shop's own runs in this instance from now on. */
public record ConsumerAdded(String name) {}
