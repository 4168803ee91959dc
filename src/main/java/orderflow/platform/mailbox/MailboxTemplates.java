package orderflow.platform.mailbox;

import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The mailbox page's templates; as {@code .ftlh} files they escape every value they print. */
@Component
class MailboxTemplates {

  private final Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);

  MailboxTemplates() {
    configuration.setClassForTemplateLoading(MailboxTemplates.class, "/mailbox");
    configuration.setDefaultEncoding("UTF-8");
    // A mail's number in a link is 1000, not 1,000.
    configuration.setNumberFormat("computer");
    configuration.setLogTemplateExceptions(false);
  }

  String render(String name, Map<String, ?> values) {
    try {
      var page = new StringWriter();
      configuration.getTemplate(name + ".ftlh").process(values, page);
      return page.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TemplateException e) {
      throw new IllegalStateException("the mailbox page " + name + " cannot be rendered", e);
    }
  }
}
