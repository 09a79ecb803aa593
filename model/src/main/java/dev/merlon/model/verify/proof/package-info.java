/** What certificates were proved with, kept for whoever wants to check them again. */
@NullMarked
package dev.merlon.model.verify.proof;

import org.jspecify.annotations.NullMarked;
