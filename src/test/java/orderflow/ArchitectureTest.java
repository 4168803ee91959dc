package orderflow;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.camel.RoutesBuilder;

@AnalyzeClasses(packages = "orderflow", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule featuresDoNotKnowCamel =
      noClasses()
          .that()
          .resideInAPackage("orderflow.*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.camel..");

  @ArchTest
  static final ArchRule featuresDoNotKnowTheRoutes =
      noClasses()
          .that()
          .resideInAPackage("orderflow.*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("orderflow");

  @ArchTest
  static final ArchRule noFeatureLeadsBackToItself =
      slices().matching("orderflow.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ordersKnowNoFeature =
      classes()
          .that()
          .resideInAPackage("orderflow.order..")
          .should()
          .onlyDependOnClassesThat(
              resideInAPackage("orderflow.order..")
                  .or(resideInAPackage("orderflow.json.."))
                  .or(not(resideInAPackage("orderflow.."))));

  @ArchTest
  static final ArchRule routesStandTogether =
      classes().that().implement(RoutesBuilder.class).should().resideInAPackage("orderflow");
}
