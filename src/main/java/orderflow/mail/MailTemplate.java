package orderflow.mail;

import freemarker.core.ParseException;
import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.SimpleObjectWrapper;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A parsed template; {@code .ftlh} escapes for HTML what it prints, {@code .ftl} prints plain text.
 */
final class MailTemplate {

  /** Says what is wrong with a template, and where, in one line. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1;

    Broken(String fault) {
      super(fault);
    }
  }

  private static final Configuration FREEMARKER = configuration();

  private final Template template;

  private MailTemplate(Template template) {
    this.template = template;
  }

  /** Parses a template and tries it on samples of what it will have to print. */
  static MailTemplate parse(String name, String text, Iterable<Map<String, Object>> samples)
      throws Broken {
    try {
      // Windows' editors put a byte order mark at the beginning, which would end up in the subject.
      String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
      MailTemplate parsed = new MailTemplate(new Template(name, content, FREEMARKER));
      for (Map<String, Object> sample : samples) {
        parsed.render(sample);
      }
      return parsed;
    } catch (ParseException e) {
      throw new Broken("line " + e.getLineNumber() + ": " + oneLine(e.getEditorMessage()));
    } catch (IOException e) {
      throw new Broken(oneLine(String.valueOf(e.getMessage())));
    }
  }

  String render(Map<String, Object> model) throws Broken {
    StringWriter rendered = new StringWriter(8192);
    try {
      template.process(model, rendered);
    } catch (TemplateException e) {
      throw new Broken("line " + e.getLineNumber() + ": " + oneLine(e.getMessageWithoutStackTop()));
    } catch (IOException e) {
      throw new Broken(oneLine(String.valueOf(e.getMessage())));
    }
    return rendered.toString();
  }

  private static String oneLine(String message) {
    return message
        .lines()
        .map(String::strip)
        .takeWhile(line -> !line.startsWith("----"))
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(" "));
  }

  /** Templates see strings, lists and maps, and reach no class, file or other template. */
  private static Configuration configuration() {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
    configuration.setObjectWrapper(new SimpleObjectWrapper(Configuration.VERSION_2_3_34));
    configuration.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
    configuration.setAPIBuiltinEnabled(false);
    configuration.setTemplateLoader(null);
    configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    configuration.setLogTemplateExceptions(false);
    configuration.setWhitespaceStripping(true);
    return configuration;
  }
}
