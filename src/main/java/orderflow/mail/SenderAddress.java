package orderflow.mail;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.jspecify.annotations.Nullable;

/** One mailbox by RFC 5322 with or without a display name, which jakarta's Email would refuse. */
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = SenderAddress.Validator.class)
@interface SenderAddress {

  String message() default "must be a mail address";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};

  /** Parses it as the mails' From will be. */
  class Validator implements ConstraintValidator<SenderAddress, String> {

    @Override
    public boolean isValid(@Nullable String from, ConstraintValidatorContext context) {
      try {
        return from != null && new InternetAddress(from, true).getAddress().indexOf('@') > 0;
      } catch (AddressException e) {
        return false;
      }
    }
  }
}
