package orderflow;

import java.util.List;

/** Texts that would do harm where they were taken for more than text. */
public final class Injections {

  public static final List<String> TEXTS =
      List.of(
          "'); drop table orders; --",
          "\" or \"\"=\"",
          "${123456*7}<#assign x=1><#if true>x</#if>${\"a\"?new()}[=123456*7]",
          "${body} ${headers.id} ${sysenv.PATH} {{orderflow.data}} #{123456*7}",
          "../../../etc/passwd",
          "\\. \\N C:\\temp\\x00",
          "<script>alert(1)</script>&amp;<img src=x>");

  /** What no name may hold, so that no header begins in one. */
  public static final String LINE_BREAK = "Kim\r\nBcc: evil@example.com";

  private Injections() {}
}
