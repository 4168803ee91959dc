package orderflow.platform.page;

import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Renders pages for people; as {@code .ftlh} files they escape every value they print. */
@Component
public class PageTemplates {

  private final Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
  private final Clock clock;

  PageTemplates(Clock clock) {
    this.clock = clock;
    configuration.setClassForTemplateLoading(PageTemplates.class, "/pages");
    configuration.setDefaultEncoding("UTF-8");
    configuration.setURLEscapingCharset("UTF-8");
    // An id in a link is 1000, not 1,000.
    configuration.setNumberFormat("computer");
    configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    configuration.setLogTemplateExceptions(false);
  }

  /**
   * Renders a page in the language and the colours that its reader prefers.
   *
   * @param name of the template, without its ending
   */
  public String render(String name, HttpServletRequest request, Map<String, ?> values) {
    Texts texts = Texts.of(request.getLocales());
    Map<String, Object> model = new HashMap<>(values);
    model.put("t", texts);
    model.put("named", texts.named());
    model.put("lang", texts.language());
    model.put("fmt", new Formats(texts, clock.instant()));
    model.put("theme", Theme.of(request).word());
    try {
      var page = new StringWriter();
      configuration.getTemplate(name + ".ftlh").process(model, page);
      return page.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TemplateException e) {
      throw new IllegalStateException("the page " + name + " can't be rendered", e);
    }
  }
}
