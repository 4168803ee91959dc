package orderflow.mail;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import orderflow.bench.ShopOrder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The bytes of an event into the bytes of its order's confirmation, text and HTML. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MailRendering {

  private final OrderMails mails = Events.mails(Path.of("templates"));
  private final byte[] event = ShopOrder.typical().event().json();

  @Benchmark
  public void render() throws IOException, MessagingException {
    mails.write(Confirmation.read(event)).writeTo(OutputStream.nullOutputStream());
  }
}
