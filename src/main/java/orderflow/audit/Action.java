package orderflow.audit;

/** The acts that are recorded. Their names are part of the interface and never change. */
public enum Action {
  REPLAY_DEAD_LETTER("DEAD_LETTER"),
  REPLAY_DEAD_LETTERS("CONSUMER"),
  DISCARD_DEAD_LETTER("DEAD_LETTER"),
  EDIT_DEAD_LETTER("DEAD_LETTER"),
  ERASE_PERSONAL_DATA("CUSTOMER"),
  RESEND_EMAIL("ORDER"),
  CREATE_COUPON("COUPON"),
  CHANGE_COUPON("COUPON"),
  PAUSE_CONSUMER("CONSUMER"),
  RESUME_CONSUMER("CONSUMER"),
  CANCEL_ORDER("ORDER"),
  RETURN_ITEMS("ORDER"),
  GIVE_GOODWILL("ORDER"),
  REPORT_REFUND("REVERSAL"),
  PAUSE_OPERATION("OPERATION"),
  RESUME_OPERATION("OPERATION"),
  CANCEL_OPERATION("OPERATION");

  private final String targetKind;

  Action(String targetKind) {
    this.targetKind = targetKind;
  }

  /** What its target's id is the id of. */
  public String targetKind() {
    return targetKind;
  }
}
