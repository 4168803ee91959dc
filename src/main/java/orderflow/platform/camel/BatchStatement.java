package orderflow.platform.camel;

/** The endpoint of statements that apply a whole batch. */
public final class BatchStatement {

  /** Runs the body with the headers as its parameters, in a transaction of its own. */
  public static final String JDBC =
      "jdbc:dataSource?useHeadersAsParameters=true&resetAutoCommit=false&prepareStatementStrategy=#untypedParameters";

  /** The header that holds the batch, as JSON. */
  public static final String ENTRIES = "entries";

  /** The header that holds the topic of the events that follow from the batch. */
  public static final String TOPIC = "topic";

  private BatchStatement() {}
}
