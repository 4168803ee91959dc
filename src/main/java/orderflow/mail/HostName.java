package orderflow.mail;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;

/** The name of this host as RFC 5321, section 4.1.3, wants it in EHLO. */
final class HostName {

  private HostName() {}

  /** The full name where there is one, else an address literal. Many servers refuse a bare name. */
  static String ofThisHost() {
    InetAddress address = InetAddress.getLoopbackAddress();
    try {
      InetAddress named = InetAddress.getLocalHost();
      for (String name : new String[] {named.getHostName(), named.getCanonicalHostName()}) {
        if (isFull(name)) {
          return name;
        }
      }
      address = named.isLoopbackAddress() ? anyOther(named) : named;
    } catch (IOException e) {
      // a host without a name, or without a network
    }
    return literal(address);
  }

  static boolean isFull(String name) {
    return name.matches("(?!localhost\\.)[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*\\.[A-Za-z][A-Za-z0-9-]*");
  }

  static String literal(InetAddress address) {
    String text = address.getHostAddress().replaceFirst("%.*", "");
    return address instanceof Inet6Address ? "[IPv6:" + text + "]" : "[" + text + "]";
  }

  /** Debian gives a host's name the address 127.0.1.1. */
  private static InetAddress anyOther(InetAddress loopback) throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress())
        .min((a, b) -> Integer.compare(a.getAddress().length, b.getAddress().length))
        .orElse(loopback);
  }
}
