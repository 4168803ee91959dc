package orderflow.intake;

/** Where orders come in. */
public enum Door {
  HTTP,
  FILE
}
