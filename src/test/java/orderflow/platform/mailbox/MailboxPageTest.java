package orderflow.platform.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.util.Properties;
import orderflow.OrderflowTest;
import orderflow.RealServers;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.RequestEntity;
import org.springframework.http.ResponseEntity;

@OrderflowTest
class MailboxPageTest {

  private static final String NASTY = "<script>alert('주문')</script>";

  @Autowired TestRestTemplate http;

  @Test
  void listsTheNewestFirstAndEscapesWhatOthersWrote() throws Exception {
    receive("first", "text", "html");
    receive(NASTY, "text", "html");
    String page = get("/mailbox").getBody();
    assertThat(page).doesNotContain("<script>").contains("&lt;script&gt;alert(&#39;주문&#39;)");
    assertThat(page.indexOf("&lt;script&gt;")).isLessThan(page.indexOf("first"));
  }

  @Test
  void showsTheTextEscapedAndTheHtmlInASandbox() throws Exception {
    long id = receive("a mail", "text " + NASTY, "<p>html</p>");
    ResponseEntity<String> page = get("/mailbox/" + id);
    assertThat(page.getBody())
        .contains("<iframe sandbox=\"\" src=\"/mailbox/" + id + "/html\"")
        .contains("text &lt;script&gt;")
        .doesNotContain("<script>");
    assertThat(page.getHeaders().getFirst("Content-Security-Policy"))
        .contains("default-src 'none'");
    ResponseEntity<String> html = get("/mailbox/" + id + "/html");
    assertThat(html.getBody()).isEqualTo("<p>html</p>");
    assertThat(html.getHeaders().getFirst("Content-Security-Policy"))
        .startsWith("sandbox; default-src 'none'");
    assertThat(html.getHeaders().getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @Test
  void givesTheSourceAsTextAndAsAMessage() throws Exception {
    long id = receive("a mail", "text", "html");
    ResponseEntity<String> source = get("/mailbox/" + id + "/source");
    assertThat(source.getHeaders().getContentType())
        .isEqualTo(MediaType.parseMediaType("text/plain;charset=UTF-8"));
    assertThat(source.getBody()).contains("Subject: a mail\r\n").contains("multipart/alternative");
    ResponseEntity<String> message =
        http.exchange(
            RequestEntity.get("/mailbox/" + id + "/source")
                .header(HttpHeaders.ACCEPT, "message/rfc822")
                .build(),
            String.class);
    assertThat(message.getHeaders().getContentType())
        .isEqualTo(MediaType.parseMediaType("message/rfc822"));
    assertThat(message.getBody()).isEqualTo(source.getBody());
  }

  @Test
  void hasPages() throws Exception {
    for (int i = 0; i < 51; i++) {
      receive("of many", "text", "html");
    }
    assertThat(get("/mailbox").getBody()).contains("/mailbox?page=2");
    assertThat(get("/mailbox?page=2").getBody()).contains("Newer");
    assertThat(get("/mailbox?page=1000").getStatusCode()).isEqualTo(HttpStatus.OK);
  }

  @Test
  void aMailNobodyReceivedIsNotFound() {
    assertThat(get("/mailbox/987654321").getStatusCode()).isEqualTo(HttpStatus.NOT_FOUND);
  }

  private ResponseEntity<String> get(String path) {
    return http.getForEntity(path, String.class);
  }

  private static long receive(String subject, String text, String html) throws Exception {
    var message = new MimeMessage(Session.getInstance(new Properties()));
    message.setFrom(new InternetAddress("orders@orderflow.example"));
    message.setRecipient(Message.RecipientType.TO, new InternetAddress("minji@example.com"));
    message.setSubject(subject, "UTF-8");
    var parts = new MimeMultipart("alternative");
    parts.addBodyPart(part(text, "plain"));
    parts.addBodyPart(part(html, "html"));
    message.setContent(parts);
    message.saveChanges();
    RealServers.mailbox().keep(message);
    // Others' mails may have come meanwhile.
    return RealServers.mailbox().mails().stream()
        .filter(mail -> mail.subject().equals(subject))
        .findFirst()
        .orElseThrow()
        .id();
  }

  private static MimeBodyPart part(String content, String subtype) throws Exception {
    var part = new MimeBodyPart();
    part.setText(content, "UTF-8", subtype);
    return part;
  }
}
