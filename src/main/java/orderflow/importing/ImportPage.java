package orderflow.importing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some imports, newest first.
 *
 * @param next the cursor of the page after this one, or null if this is the last
 */
public record ImportPage(List<Import> imports, @Nullable String next) {}
