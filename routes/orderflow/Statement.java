package orderflow;

/** Where a statement runs that applies a whole batch. */
final class Statement {

  /** Runs the body with the headers as its parameters, in a transaction of its own. */
  static final String JDBC =
      "jdbc:dataSource?useHeadersAsParameters=true&resetAutoCommit=false&prepareStatementStrategy=#keptStatements";

  /** The header that holds the batch, as JSON. */
  static final String ENTRIES = "entries";

  private Statement() {}
}
