package ums.failure;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.util.List;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import ums.channel.Failure;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.LateSuccess;
import ums.message.SettlementStep;

/** Writes an open failure for each attempt that leaves something to decide, and closes it after a late success. */
@Component
@Order(1)
class FailureRecorder implements SettlementStep {

    private final TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();
    private final FailureRepository failures;
    private final Failures decisions;

    FailureRecorder(FailureRepository failures, Failures decisions) {
        this.failures = failures;
        this.decisions = decisions;
    }

    /** In the transaction, as a crash after it would leave a message that no operator sees. */
    @Override
    public void onSettled(List<AttemptSettled> attempts) {
        for (AttemptSettled each : attempts) {
            Failure error = each.toHandle();
            if (error != null) {
                failures.write(ids.generate(), each, error);
            }
        }
    }

    /** There is nothing left to decide. */
    @Override
    public void onLateSuccess(LateSuccess late) {
        decisions.close(late.id(), "LATE_SUCCESS");
    }
}
