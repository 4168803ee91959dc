package orderflow.bench;

import java.io.IOException;

/** Halts processes and lets them go on, as a machine does that is busy elsewhere. */
final class Signals {

  private Signals() {}

  static void halt(Server server) throws IOException, InterruptedException {
    send("STOP", server);
  }

  static void goOn(Server server) throws IOException, InterruptedException {
    send("CONT", server);
  }

  private static void send(String signal, Server server) throws IOException, InterruptedException {
    String pid = String.valueOf(server.process().pid());
    if (new ProcessBuilder("kill", "-" + signal, pid).inheritIO().start().waitFor() != 0) {
      throw new IOException("process " + pid + " took no " + signal);
    }
  }
}
