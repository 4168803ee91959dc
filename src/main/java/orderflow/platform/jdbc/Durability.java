package orderflow.platform.jdbc;

/** On how many disks an order is before it is answered 201. */
public enum Durability {
  /** That of the server that takes it. */
  LOCAL,
  /** That of a synchronous standby, too. */
  REPLICATED
}
