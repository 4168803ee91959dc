package orderflow.bench;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** How much heap a process uses at most, garbage included, from jstat, four times a second. */
final class PeakHeap implements AutoCloseable {

  private final Process jstat;
  private final AtomicLong kib = new AtomicLong();

  PeakHeap(ProcessHandle watched) throws IOException {
    jstat = new ProcessBuilder("jstat", "-gc", String.valueOf(watched.pid()), "250").start();
    Thread reader = new Thread(this::read, "heap");
    reader.setDaemon(true);
    reader.start();
  }

  long mib() {
    return kib.get() / 1024;
  }

  private void read() {
    jstat
        .inputReader()
        .lines()
        .skip(1)
        .map(line -> line.strip().split(" +"))
        // the survivors', Eden's and the old generation's use
        .mapToLong(used -> number(used[2]) + number(used[3]) + number(used[5]) + number(used[7]))
        .forEach(used -> kib.accumulateAndGet(used, Math::max));
  }

  private static long number(String text) {
    return text.equals("-") ? 0 : Math.round(Double.parseDouble(text));
  }

  @Override
  public void close() {
    jstat.destroy();
  }
}
