package orderflow.platform.role;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** A bean that only instances with a role have. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnInstanceRole.HasRole.class)
public @interface OnInstanceRole {

  /** The role. */
  InstanceRole value();

  /**
   * Looks into {@code orderflow.roles}; where nothing is set, as in a test of one route, all are
   * there.
   */
  class HasRole implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      Map<String, Object> needed =
          Objects.requireNonNull(metadata.getAnnotationAttributes(OnInstanceRole.class.getName()));
      return Binder.get(context.getEnvironment())
          .bind("orderflow.roles", Bindable.setOf(InstanceRole.class))
          .orElse(Set.of(InstanceRole.values()))
          .contains(needed.get("value"));
    }
  }
}
