package dev.merlon.actors.verification;

import dev.merlon.model.verify.Effort;
import java.util.OptionalLong;

/**
 * What a pool is asked, but for the queries, which are supplied as they are taken.
 *
 * @param id no other request of the pool has
 * @param requestClass how urgent it is
 * @param model what its queries are about
 * @param effort how hard to try
 * @param deadline of {@link System#nanoTime}, where somebody waits for an end
 */
public record Request(
    long id, RequestClass requestClass, ServedModel model, Effort effort, OptionalLong deadline) {}
