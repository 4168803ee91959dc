package orderflow.console;

import java.util.ArrayList;
import java.util.List;

/**
 * A payload in lines, so that people can read and compare it: JSON with a line for each member, as
 * its signs say, whether or not it is whole. Nothing of it is read: numbers, names and their order
 * stay as they are.
 */
final class PayloadLines {

  private static final String INDENT = "  ";

  private PayloadLines() {}

  static List<String> of(String payload) {
    String text = payload.strip();
    return text.startsWith("{") || text.startsWith("[") ? json(text) : payload.lines().toList();
  }

  static String text(String payload) {
    return String.join("\n", of(payload));
  }

  private static List<String> json(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char sign = text.charAt(i);
      if (quoted) {
        line.append(sign);
        if (sign == '\\' && i + 1 < text.length()) {
          line.append(text.charAt(++i));
        } else if (sign == '"') {
          quoted = false;
        }
        continue;
      }
      switch (sign) {
        case ' ', '\t', '\r', '\n' -> {}
        case '{', '[' -> {
          line.append(sign);
          int next = nextSign(text, i + 1);
          if (next < text.length() && (text.charAt(next) == '}' || text.charAt(next) == ']')) {
            line.append(text.charAt(next));
            i = next;
          } else {
            depth++;
            end(lines, line, depth);
          }
        }
        case '}', ']' -> {
          depth = Math.max(0, depth - 1);
          if (line.toString().isBlank()) {
            line.setLength(0);
            line.append(INDENT.repeat(Math.min(depth, 20)));
          } else {
            end(lines, line, depth);
          }
          line.append(sign);
        }
        case ',' -> {
          line.append(sign);
          end(lines, line, depth);
        }
        case ':' -> line.append(": ");
        default -> {
          line.append(sign);
          quoted = sign == '"';
        }
      }
    }
    if (!line.toString().isBlank()) {
      lines.add(line.toString());
    }
    return lines;
  }

  private static int nextSign(String text, int from) {
    int at = from;
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private static void end(List<String> lines, StringBuilder line, int depth) {
    lines.add(line.toString());
    line.setLength(0);
    line.append(INDENT.repeat(Math.min(depth, 20)));
  }
}
