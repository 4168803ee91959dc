package orderflow.platform.embedded;

/** A port that is free, and stays so until a test takes it: no connection is given it meanwhile. */
public final class FreePort {

  private FreePort() {}

  public static int any() {
    return Loopback.freePort();
  }
}
