package orderflow.platform.startup;

/** Where people find the console, for the lines of the start. */
@FunctionalInterface
public interface ConsoleAddress {

  /**
   * The console's address.
   *
   * @param http the address of the HTTP listener
   * @param local whether all of it runs on this machine for itself: the address then logs in, once
   */
  String at(String http, boolean local);
}
