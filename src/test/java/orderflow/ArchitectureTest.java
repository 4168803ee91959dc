package orderflow;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import org.apache.camel.RoutesBuilder;

@AnalyzeClasses(packages = "orderflow", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final DescribedPredicate<JavaClass> ROUTES =
      assignableTo(RoutesBuilder.class)
          .or(
              new DescribedPredicate<>("enclosed by routes") {
                @Override
                public boolean test(JavaClass type) {
                  return type.getEnclosingClass()
                      .map(outer -> outer.isAssignableTo(RoutesBuilder.class))
                      .orElse(false);
                }
              });

  @ArchTest
  static final ArchRule noFeatureLeadsBackToItself =
      slices()
          .matching("orderflow.(*)..")
          .should()
          .beFreeOfCycles()
          .ignoreDependency(ROUTES, DescribedPredicate.alwaysTrue());

  @ArchTest
  static final ArchRule noPlatformRoomLeadsBackToItself =
      slices().matching("orderflow.platform.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule thePlatformKnowsNoFeature =
      classes()
          .that()
          .resideInAPackage("orderflow.platform..")
          .should()
          .onlyDependOnClassesThat(
              resideInAPackage("orderflow.platform..").or(not(resideInAPackage("orderflow.."))));

  @ArchTest
  static final ArchRule ordersKnowNoFeature =
      classes()
          .that(resideInAPackage("orderflow.order..").and(not(ROUTES)))
          .should()
          .onlyDependOnClassesThat(
              resideInAPackage("orderflow.order..")
                  .or(resideInAPackage("orderflow.platform.."))
                  .or(not(resideInAPackage("orderflow.."))));

  @ArchTest
  static final ArchRule featuresDoNotKnowRoutes =
      noClasses()
          .that(not(ROUTES))
          .should()
          .dependOnClassesThat(ROUTES.and(resideInAPackage("orderflow..")));

  @ArchTest
  static final ArchRule featuresKnowNoHttpStatus =
      noClasses()
          .that(resideOutsideOfPackage("orderflow.platform..").and(not(ROUTES)))
          .should()
          .dependOnClassesThat(
              assignableTo(ProblemException.class).or(assignableTo(ProblemType.class)));

  @ArchTest
  static void theFolderOfRoutesHoldsRoutesAlone(JavaClasses classes) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("routes"))) {
      Set<String> inFolder =
          files
              .map(file -> Path.of("routes").relativize(file).toString())
              .filter(file -> file.endsWith(".java"))
              .map(file -> file.replaceAll("\\.java$", "").replace('/', '.'))
              .collect(Collectors.toSet());
      Set<String> builders =
          classes.stream()
              .filter(ROUTES)
              .filter(type -> type.getEnclosingClass().isEmpty() && !type.isInterface())
              .map(JavaClass::getName)
              .collect(Collectors.toSet());
      assertThat(inFolder).isNotEmpty().isSubsetOf(builders);
    }
  }
}
