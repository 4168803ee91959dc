/** What the pages for people share: templates, languages, style and the headers that guard them. */
@NullMarked
package orderflow.platform.page;

import org.jspecify.annotations.NullMarked;
