/**
 * Work that is done later, or again and again, by whichever instance of the control plane is there.
 *
 * <p>A feature says what is to be done in its own transaction ({@link
 * dev.gatehouse.controlplane.job.JobService}) and registers the {@link
 * dev.gatehouse.controlplane.job.JobHandler} that does it. A {@link
 * dev.gatehouse.controlplane.job.JobRunner} in each instance takes what is due, for the time of a
 * lease. What a job does to the database is committed together with the end of the job, and only by
 * who still has the lease: however many instances there are and whenever they die, it takes effect
 * once.
 */
@NullMarked
package dev.gatehouse.controlplane.job;

import org.jspecify.annotations.NullMarked;
