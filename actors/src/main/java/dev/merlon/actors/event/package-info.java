/** What work at hand tells those who watch it. Knows nobody who does the work or watches it. */
@NullMarked
package dev.merlon.actors.event;

import org.jspecify.annotations.NullMarked;
