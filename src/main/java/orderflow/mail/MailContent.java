package orderflow.mail;

/**
 * What a mail says, before it is made a message.
 *
 * @param language the tag of the pair of templates it was made by
 * @param subject on one line
 */
public record MailContent(String language, String subject, String text, String html) {}
