package orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Address;
import jakarta.mail.internet.InternetAddress;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replies of real servers, as they are given to a recipient (RCPT) or to a mail's content. */
class SmtpReplyTest {

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // Gmail
        "gmail    | MAIL    | 530 5.7.0 Authentication Required. For more information, go to"
            + " https://support.google.com/accounts/troubleshooter/2402620 - gsmtp |"
            + " SENDER_REFUSED",
        "gmail    | content | 550 5.4.5 Daily user sending limit exceeded. For more information on"
            + " Gmail sending limits go to https://support.google.com/a/answer/166852 - gsmtp |"
            + " SENDER_REFUSED",
        "gmail    | content | 550 5.7.1 Daily SMTP relay limit exceeded for customer. - gsmtp |"
            + " SENDER_REFUSED",
        "gmail    | RCPT    | 550 5.7.1 Invalid credentials for relay [192.0.2.1]. The IP address"
            + " you've registered doesn't match the domain of the account - gsmtp | SENDER_REFUSED",
        "gmail    | content | 550 5.7.26 This mail is unauthenticated, which poses a security risk"
            + " to the sender and Gmail users - gsmtp | SENDER_REFUSED",
        "gmail    | content | 421 4.7.0 Our system has detected an unusual rate of unsolicited mail"
            + " originating from your IP address - gsmtp | AWAY",
        "gmail    | RCPT    | 550 5.1.1 The email account that you tried to reach does not exist."
            + " Please try double-checking the recipient's email address - gsmtp | REFUSED",
        "gmail    | RCPT    | 550 5.2.1 The email account that you tried to reach is disabled. -"
            + " gsmtp | REFUSED",
        "gmail    | RCPT    | 552 5.2.2 The email account that you tried to reach is over quota. -"
            + " gsmtp | REFUSED",
        "gmail    | RCPT    | 553 5.1.2 We weren't able to find the recipient domain. Please check"
            + " for any spelling errors - gsmtp | REFUSED",
        "gmail    | RCPT    | 452 4.2.2 The email account that you tried to reach is over quota. -"
            + " gsmtp | BUSY",
        "gmail    | content | 552 5.7.0 This message was blocked because its content presents a"
            + " potential security issue - gsmtp | SENDER_REFUSED",
        // Microsoft 365
        "m365     | MAIL    | 530 5.7.57 Client not authenticated to send mail. | SENDER_REFUSED",
        "m365     | content | 554 5.2.252 SendAsDenied; orders@shop.example not allowed to send as"
            + " noreply@shop.example | SENDER_REFUSED",
        "m365     | content | 554 5.2.0"
            + " STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied;"
            + " Failed to process message due to a permanent exception | SENDER_REFUSED",
        "m365     | content | 554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; Failed"
            + " to process message due to a permanent exception | SENDER_REFUSED",
        "m365     | content | 550 5.1.8 Access denied, bad outbound sender AS(42004) |"
            + " SENDER_REFUSED",
        "m365     | content | 550 5.1.90 Your message can't be sent because you've reached your"
            + " daily limit for message recipients | SENDER_REFUSED",
        "m365     | RCPT    | 550 5.7.708 Service unavailable. Access denied, traffic not accepted"
            + " from this IP. AS(7171) | SENDER_REFUSED",
        "m365     | content | 550 5.7.60 SMTP; Client does not have permissions to send as this"
            + " sender | SENDER_REFUSED",
        "m365     | RCPT    | 550 5.7.64 TenantAttribution; Relay Access Denied | SENDER_REFUSED",
        "m365     | RCPT    | 550 5.4.1 Recipient address rejected: Access denied. AS(201806281) |"
            + " SENDER_REFUSED",
        "m365     | RCPT    | 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by"
            + " SMTP address lookup | REFUSED",
        "m365     | content | 432 4.3.2 Concurrent connections limit exceeded. | BUSY",
        "outlook  | RCPT    | 550 5.5.0 Requested action not taken: mailbox unavailable"
            + " (S2017062302). | REFUSED",
        // Amazon SES
        "ses      | content | 554 Message rejected: Email address is not verified. The following"
            + " identities failed the check in region EU-WEST-1: a@shop.example | SENDER_REFUSED",
        "ses      | content | 554 Message rejected: Sending suspended for this account. For more"
            + " information, please check the inbox of the address associated with your AWS account"
            + " | SENDER_REFUSED",
        "ses      | content | 554 Message rejected: Sending paused for this account. |"
            + " SENDER_REFUSED",
        "ses      | content | 454 Throttling failure: Daily message quota exceeded | BUSY",
        "ses      | content | 454 Throttling failure: Maximum sending rate exceeded | BUSY",
        "ses      | content | 554 Transaction failed: Address contains illegal characters in user"
            + " name | REFUSED",
        "postfix  | RCPT    | 550 User unknown in relay recipient table | REFUSED",
        "exim     | RCPT    | 550 unverified address: unrouteable | REFUSED",
        "ses      | content | 554 Message rejected: Address blacklisted. | REFUSED",
        "ses      | MAIL    | 530 Authentication required | SENDER_REFUSED",
        // SendGrid
        "sendgrid | MAIL    | 550 Unauthenticated senders not allowed | SENDER_REFUSED",
        "sendgrid | content | 550 The from address does not match a verified Sender Identity. Mail"
            + " cannot be sent until this error is resolved. | SENDER_REFUSED",
        "sendgrid | content | 451 You have exceeded your messaging limits | BUSY",
        "sendgrid | RCPT    | 550 Invalid address | REFUSED",
        // Mailgun
        "mailgun  | content | 554 Sandbox subdomains are for test purposes only. Please add your"
            + " own domain or add the address to authorized recipients in Account Settings. |"
            + " SENDER_REFUSED",
        "mailgun  | RCPT    | 550 5.7.1 Relaying denied | SENDER_REFUSED",
        "mailgun  | content | 421 Domain sandbox1.mailgun.org is not allowed to send: Sandbox"
            + " subdomains are for test purposes only | AWAY",
        "mailgun  | RCPT    | 550 5.1.1 No such user | REFUSED",
        // Postmark
        "postmark | content | 550 While your account is pending approval, all recipient addresses"
            + " must share the same domain as the 'From' address. | SENDER_REFUSED",
        "postmark | content | 550 The 'From' address you supplied is not a Sender Signature on your"
            + " account. | SENDER_REFUSED",
        "postmark | RCPT    | 550 You tried to send to a recipient that has been marked as"
            + " inactive. | REFUSED",
        // Postfix
        "postfix  | RCPT    | 554 5.7.1 <a@example.com>: Relay access denied | SENDER_REFUSED",
        "postfix  | RCPT    | 454 4.7.1 <a@example.com>: Relay access denied | BUSY",
        "postfix  | RCPT    | 550 5.1.1 <a@example.com>: Recipient address rejected: User unknown"
            + " in local recipient table | REFUSED",
        "postfix  | RCPT    | 550 5.1.0 <orders@shop.example>: Sender address rejected: User"
            + " unknown in virtual mailbox table | SENDER_REFUSED",
        "postfix  | RCPT    | 553 5.7.1 <orders@shop.example>: Sender address rejected: not owned"
            + " by user shop | SENDER_REFUSED",
        "postfix  | RCPT    | 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using"
            + " zen.spamhaus.org | SENDER_REFUSED",
        "postfix  | RCPT    | 504 5.5.2 <host>: Helo command rejected: need fully-qualified"
            + " hostname | SENDER_REFUSED",
        "postfix  | RCPT    | 450 4.7.1 <a@example.com>: Recipient address rejected: Greylisted |"
            + " BUSY",
        "postfix  | content | 552 5.3.4 Message size exceeds fixed limit | SENDER_REFUSED",
        "postfix  | RCPT    | 550 5.1.2 <a@example>: Recipient address rejected: Domain not found |"
            + " REFUSED",
        "postfix  | MAIL    | 530 5.7.0 Must issue a STARTTLS command first | SENDER_REFUSED",
        "postfix  | RCPT    | 552 5.2.2 <a@example.com>: Recipient address rejected: Mailbox is"
            + " over quota | REFUSED",
        // Exim
        "exim     | RCPT    | 550 relay not permitted | SENDER_REFUSED",
        "exim     | RCPT    | 550 Relay not permitted! | SENDER_REFUSED",
        "exim     | RCPT    | 550 Unrouteable address | REFUSED",
        "exim     | RCPT    | 550 Unknown user | REFUSED",
        "exim     | RCPT    | 550 Sender verify failed | SENDER_REFUSED",
        "exim     | RCPT    | 550 No Such User Here | REFUSED",
        "exim     | content | 550 Domain shop.example has exceeded the max emails per hour (150/150"
            + " (100%)) allowed. Message discarded. | SENDER_REFUSED",
        "exim     | content | 550 Outgoing mail from ~shop.example~ has been suspended. |"
            + " SENDER_REFUSED",
        "exim     | RCPT    | 552 Mailbox is full / Blocks limit exceeded / Inode limit exceeded |"
            + " REFUSED",
        // Naver, Daum and other Korean servers
        "naver    | RCPT    | 550 5.1.1 RUSR 192.0.2.1: No such user: <a@naver.example> | REFUSED",
        "naver    | RCPT    | 550 5.1.1 Inactive mbox | REFUSED",
        "naver    | RCPT    | 421 4.3.2 Your IP is filtered and this connection will be closed. You"
            + " must register your IP to http://realip.naver.com | AWAY",
        "naver    | RCPT    | 550 5.7.1 <a@example.com>... Error.your access was denied. Since you"
            + " sent too many e-mails,you are not allowed to send more e-mails within 24 hours. |"
            + " SENDER_REFUSED",
        "daum     | RCPT    | 550 5.1.1 Suspended user | REFUSED",
        "korean   | RCPT    | 550 Relay denied | SENDER_REFUSED",
        "korean   | RCPT    | 554 Relay operation rejected | SENDER_REFUSED",
        "korean   | RCPT    | 550 5.7.1 Unable to relay for a@example.com | SENDER_REFUSED",
        "korean   | content | 554 delivery error: dd This user doesn't have a yahoo.co.kr account"
            + " (a@example.com) | REFUSED",
        "korean   | RCPT    | 550 You are registered as spammer (by user's reject list) | REFUSED",
        "korean   | RCPT    | 552 Requested mail action aborted: exceeded storage allocation |"
            + " REFUSED",
        // Others
        "cisco    | RCPT    | 550 #5.1.0 Address rejected. | REFUSED",
        "barracuda| RCPT    | 550 cuda_nsu 5.1.1 <a@example.com> Recipient address rejected: User"
            + " unknown | REFUSED",
        "junk     | RCPT    | 550-JunkMail rejected - host.example [192.0.2.5]:34032 is in an RBL,"
            + " see 550 https://www.spamhaus.org/query/ip/5.188.1.2 | SENDER_REFUSED",
        "at&t     | RCPT    | 550 5.2.1 <a@example.com>... Addressee unknown, relay=[192.0.2.1] |"
            + " REFUSED",
        "plain    | RCPT    | 550 unknown | REFUSED",
        "plain    | content | 554 no | REFUSED",
        "plain    | RCPT    | 535 5.7.8 Error: authentication failed | SENDER_REFUSED",
        "plain    | content | 554 5.6.0 Message contains bare LF | REFUSED"
      })
  void tellsWhoseFaultItIs(String server, String at, String reply, SmtpFailure expected)
      throws Exception {
    InternetAddress recipient = new InternetAddress("a@example.com");
    int code = Integer.parseInt(reply.substring(0, 3));
    OutgoingMail mail =
        Events.mails(java.nio.file.Path.of("target/no-templates"))
            .write(Events.confirmation(event -> {}));
    jakarta.mail.MessagingException failure =
        at.equals("RCPT")
            ? new SMTPAddressFailedException(recipient, "RCPT TO:<a@example.com>", code, reply)
            : new SMTPSendFailedException(
                at.equals("MAIL") ? "MAIL FROM:<orders@shop.example>" : "DATA",
                code,
                reply,
                null,
                new Address[0],
                new Address[] {recipient},
                new Address[0]);

    assertThat(SmtpFailure.of(failure, mail)).isEqualTo(expected);
  }
}
