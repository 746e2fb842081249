//! The `data-testid` hooks that browser tests find things by. They outlive wording and looks.
//!
//! | hook | stands on | also carries |
//! |---|---|---|
//! | `login-username`, `login-password`, `login-submit`, `login-switch` | log-in page: fields, button, switch to sign-up and back | |
//! | `account-menu`, `account-link`, `logout` | header: the menu of the account, and what is in it | |
//! | `rename`, `rename-field` | wherever a name can be changed: the pencil, the field | |
//! | `show-more` | below a list that is not read to its end | |
//! | `project-card`, `project-delete`, `project-new`, `project-create` | projects: a card, its delete button, the name of a new one, its button | `data-project-id` on the card |
//! | `confirm-name`, `confirm-name-yes` | the question before a project is deleted: its name, do it | |
//! | `password-current`, `password-new`, `password-submit` | account: change password | |
//! | `account-delete`, `account-delete-password`, `account-delete-yes` | account: delete account, and the dialog | |
//! | `step-label`, `step-train`, `step-predict` | header: the three steps, links | |
//! | `train-button` | header: Train, Train again | |
//! | `file-input` | Label: the `<input type="file">` for pictures | |
//! | `folder-input` | Label, Predict: the `<input type="file">` for a folder | |
//! | `upload-status` | Label: how the upload stands, in words | |
//! | `filter-chip` | Label: All, Not labelled, one per label | `data-filter` |
//! | `image-card` | Label: one picture | `data-image-id`, `data-label-name` |
//! | `image-open` | Label: the button that shows a picture large | |
//! | `search` | Label: the field that looks for file names | |
//! | `viewer`, `viewer-facts`, `viewer-close` | Label: the picture shown large, what is known of it, the way back | `data-image-id` on the facts |
//! | `viewer-next`, `viewer-previous`, `viewer-select`, `viewer-delete`, `viewer-download` | Label: what can be done there | |
//! | `select-all` | Label: select every picture that the filter shows | |
//! | `keys-help` | Label: the dialog that lists the keys | |
//! | `image-select` | Label: the select box of a picture | |
//! | `label-add` | Label: the field that adds a label | |
//! | `label-item`, `label-name`, `label-more` | Label: a label's row, its name field, the button to all else | `data-label-name` on the row |
//! | `label-color`, `label-up`, `label-down`, `label-delete` | Label: what can be done with a label | `data-color` on the colours |
//! | `camera-open` | Label: the button that opens the camera | |
//! | `camera-dialog` | the camera | `data-state`: `starting`, `live` or `trouble` |
//! | `camera-shoot`, `camera-count`, `camera-trouble` | camera: the shutter, how many pictures were taken, why there is none | |
//! | `camera-device`, `camera-mirror` | camera: which one, whether it mirrors | |
//! | `camera-label`, `camera-new-label` | camera on Label: the select box of the label, the field for a new one | |
//! | `connection-banner` | over the page: that the server can't be reached | |
//! | `relogin`, `relogin-password`, `relogin-submit` | logging in again over the page: the dialog, its field, its button | |
//! | `upload-pause`, `upload-failed`, `upload-retry`, `upload-stop` | Label: why an upload waits, what failed, send it again, give it up | |
//! | `refused-file` | Label: a file that was not taken, and why | |
//! | `confirm-yes` | the question before something is lost: do it | |
//! | `advanced`, `advanced-mode`, `advanced-backbone`, `advanced-reset` | Train: the settings of the next run, and what is in them; the other fields are `advanced-` and their name on the wire | |
//! | `run-phase`, `run-progress`, `run-cancel` | Train: what a run is doing, how far it is, stop it | |
//! | `version-use`, `version-delete`, `versions-more` | Train: what can be done with a version, read older ones | |
//! | `show-mistakes`, `show-all`, `results-label` | Train: which pictures to show | |
//! | `train-first` | Train: train for the first time | |
//! | `train-changed` | Train: train again after labels were changed | |
//! | `epoch-row` | Train: one row per epoch | `data-epoch` |
//! | `accuracy` | Train: the big number | |
//! | `mistake-card`, `mistake-relabel` | Train: a picture that looks wrong, the button that takes the model's label | `data-image-id` on the card |
//! | `version-row` | Train: a version | `data-version`, `data-status`, `data-active` |
//! | `predict-input`, `predict-answer`, `predict-bar` | Predict: the `<input type="file">`, the answer, a bar per label | `data-label` on the bar |
//! | `predict-problem`, `predict-all-labels` | Predict: why there is no answer, show all labels | |
//! | `predict-truth`, `predict-truth-all`, `predict-score` | Predict: what the picture, what all of them really are, how many were right | |
//! | `predict-keep`, `predict-kept`, `predict-keep-all` | Predict: add to the training pictures, what became of it, add all | |
//! | `predict-progress`, `predict-stop`, `predict-retry` | Predict: how far it is, stop, ask again | |
//! | `predict-version` | Predict: the version that answers | |
//! | `predict-row`, `predict-csv` | Predict: a row of the table, take it along | `data-file` on the row |
//! | `look`, `look-dialog`, `heat` | wherever a model said something of a picture: the button to where it looked, the dialog, a heat map in it | |
//! | `evaluation`, `evaluation-note` | Train: the numbers in detail, what one should know to read them | |
//! | `compare`, `compare-with`, `compare-verdict` | Train: what changed from another version: the card, which version, what comes of it | |
//! | `repeat`, `repeat-copy`, `repeat-download` | Train: what the model was made of, copy it, take it along | |
//! | `show-doubtful`, `mistake-keep` | Train: show labels that are probably wrong; the button that finds a label right | |
//! | `view` | Label: a link to one of its views | `data-view` |
//! | `learns`, `draft` | Label: the switch that has drafts trained, how good the draft is | |
//! | `suggestions-bar`, `suggestions-order` | Label: that there are suggestions; which come first | `data-order` |
//! | `suggestion`, `suggestion-accept`, `suggestion-other` | Label: a suggestion, its button, another label instead | `data-image-id`, `data-label-name` on the suggestion |
//! | `suggestions-threshold`, `suggestions-accept-all` | Label: the slider, the button that accepts all above it | |
//! | `alike-group`, `alike-picture`, `alike-label`, `alike-delete` | Label: pictures that are nearly the same, one of them, label all, delete all but the one kept | `data-conflict` on the group, `data-image-id` on the picture |
//! | `map`, `map-picture`, `map-label` | Label: the map, the picture shown beside it, its label | `data-points` on the map, `data-image-id` on the picture |
//! | `snippet`, `snippet-copy` | Predict: the commands for a terminal, copy them | |

pub const LOGIN_USERNAME: &str = "login-username";
pub const LOGIN_PASSWORD: &str = "login-password";
pub const LOGIN_SUBMIT: &str = "login-submit";
pub const LOGIN_SWITCH: &str = "login-switch";
pub const LOGOUT: &str = "logout";
pub const ACCOUNT_MENU: &str = "account-menu";
pub const ACCOUNT_LINK: &str = "account-link";
pub const RENAME: &str = "rename";
pub const RENAME_FIELD: &str = "rename-field";
pub const SHOW_MORE: &str = "show-more";
pub const PROJECT_CARD: &str = "project-card";
pub const PROJECT_DELETE: &str = "project-delete";
pub const PROJECT_NEW: &str = "project-new";
pub const PROJECT_CREATE: &str = "project-create";
pub const CONFIRM_NAME: &str = "confirm-name";
pub const CONFIRM_NAME_YES: &str = "confirm-name-yes";
pub const PASSWORD_CURRENT: &str = "password-current";
pub const PASSWORD_NEW: &str = "password-new";
pub const PASSWORD_SUBMIT: &str = "password-submit";
pub const PASSWORD_END_TOKENS: &str = "password-end-tokens";
pub const TOKEN_NEW: &str = "token-new";
pub const TOKEN_NAME: &str = "token-name";
pub const TOKEN_SCOPE: &str = "token-scope";
pub const TOKEN_PROJECT: &str = "token-project";
pub const TOKEN_END: &str = "token-end";
pub const TOKEN_DATE: &str = "token-date";
pub const TOKEN_MAKE: &str = "token-make";
pub const TOKEN_TEXT: &str = "token-text";
pub const TOKEN_COPY: &str = "token-copy";
pub const TOKEN_DONE: &str = "token-done";
pub const TOKEN_ROW: &str = "token-row";
pub const TOKEN_REVOKE: &str = "token-revoke";
pub const SESSION_ROW: &str = "session-row";
pub const SESSION_END: &str = "session-end";
pub const LOGIN_CODE: &str = "login-code";
pub const LOGIN_CLOSED: &str = "login-closed";
pub const ACCOUNT_DELETE: &str = "account-delete";
pub const ACCOUNT_DELETE_PASSWORD: &str = "account-delete-password";
pub const ACCOUNT_DELETE_YES: &str = "account-delete-yes";
pub const STEP_LABEL: &str = "step-label";
pub const STEP_TRAIN: &str = "step-train";
pub const STEP_PREDICT: &str = "step-predict";
pub const TRAIN_BUTTON: &str = "train-button";
pub const FILE_INPUT: &str = "file-input";
pub const FOLDER_INPUT: &str = "folder-input";
pub const UPLOAD_STATUS: &str = "upload-status";
pub const FILTER_CHIP: &str = "filter-chip";
pub const IMAGE_CARD: &str = "image-card";
pub const IMAGE_OPEN: &str = "image-open";
pub const SEARCH: &str = "search";
pub const VIEWER: &str = "viewer";
pub const VIEWER_FACTS: &str = "viewer-facts";
pub const VIEWER_CLOSE: &str = "viewer-close";
pub const VIEWER_NEXT: &str = "viewer-next";
pub const VIEWER_PREVIOUS: &str = "viewer-previous";
pub const VIEWER_SELECT: &str = "viewer-select";
pub const VIEWER_DELETE: &str = "viewer-delete";
pub const VIEWER_DOWNLOAD: &str = "viewer-download";
pub const SELECT_ALL: &str = "select-all";
pub const KEYS_HELP: &str = "keys-help";
pub const IMAGE_SELECT: &str = "image-select";
pub const LABEL_ADD: &str = "label-add";
pub const LABEL_ITEM: &str = "label-item";
pub const LABEL_NAME: &str = "label-name";
pub const LABEL_MORE: &str = "label-more";
pub const LABEL_COLOR: &str = "label-color";
pub const LABEL_UP: &str = "label-up";
pub const LABEL_DOWN: &str = "label-down";
pub const LABEL_DELETE: &str = "label-delete";
pub const CAMERA_OPEN: &str = "camera-open";
pub const CAMERA_DIALOG: &str = "camera-dialog";
pub const CAMERA_SHOOT: &str = "camera-shoot";
pub const CAMERA_COUNT: &str = "camera-count";
pub const CAMERA_TROUBLE: &str = "camera-trouble";
pub const CAMERA_DEVICE: &str = "camera-device";
pub const CAMERA_MIRROR: &str = "camera-mirror";
pub const CAMERA_LABEL: &str = "camera-label";
pub const CAMERA_NEW_LABEL: &str = "camera-new-label";
pub const CONNECTION_BANNER: &str = "connection-banner";
pub const RELOGIN: &str = "relogin";
pub const RELOGIN_PASSWORD: &str = "relogin-password";
pub const RELOGIN_SUBMIT: &str = "relogin-submit";
pub const UPLOAD_PAUSE: &str = "upload-pause";
pub const UPLOAD_FAILED: &str = "upload-failed";
pub const UPLOAD_RETRY: &str = "upload-retry";
pub const UPLOAD_STOP: &str = "upload-stop";
pub const REFUSED_FILE: &str = "refused-file";
pub const CONFIRM_YES: &str = "confirm-yes";
pub const ADVANCED: &str = "advanced";
pub const ADVANCED_MODE: &str = "advanced-mode";
pub const ADVANCED_BACKBONE: &str = "advanced-backbone";
pub const ADVANCED_MIRROR: &str = "advanced-mirror";
pub const ADVANCED_RESET: &str = "advanced-reset";
pub const RUN_PHASE: &str = "run-phase";
pub const RUN_PROGRESS: &str = "run-progress";
pub const RUN_CANCEL: &str = "run-cancel";
pub const VERSION_USE: &str = "version-use";
pub const VERSION_DELETE: &str = "version-delete";
pub const VERSIONS_MORE: &str = "versions-more";
pub const SHOW_MISTAKES: &str = "show-mistakes";
pub const SHOW_ALL: &str = "show-all";
pub const RESULTS_LABEL: &str = "results-label";
pub const TRAIN_FIRST: &str = "train-first";
pub const TRAIN_CHANGED: &str = "train-changed";
pub const EPOCH_ROW: &str = "epoch-row";
pub const ACCURACY: &str = "accuracy";
pub const MISTAKE_CARD: &str = "mistake-card";
pub const MISTAKE_RELABEL: &str = "mistake-relabel";
pub const VERSION_ROW: &str = "version-row";
pub const PREDICT_INPUT: &str = "predict-input";
pub const PREDICT_ANSWER: &str = "predict-answer";
pub const PREDICT_BAR: &str = "predict-bar";
pub const PREDICT_PROBLEM: &str = "predict-problem";
pub const PREDICT_ALL_LABELS: &str = "predict-all-labels";
pub const PREDICT_TRUTH: &str = "predict-truth";
pub const PREDICT_TRUTH_ALL: &str = "predict-truth-all";
pub const PREDICT_SCORE: &str = "predict-score";
pub const PREDICT_KEEP: &str = "predict-keep";
pub const PREDICT_KEPT: &str = "predict-kept";
pub const PREDICT_KEEP_ALL: &str = "predict-keep-all";
pub const PREDICT_PROGRESS: &str = "predict-progress";
pub const PREDICT_STOP: &str = "predict-stop";
pub const PREDICT_RETRY: &str = "predict-retry";
pub const PREDICT_VERSION: &str = "predict-version";
pub const PREDICT_ROW: &str = "predict-row";
pub const PREDICT_CSV: &str = "predict-csv";
pub const SNIPPET: &str = "snippet";
pub const SNIPPET_COPY: &str = "snippet-copy";
pub const LOOK: &str = "look";
pub const LOOK_DIALOG: &str = "look-dialog";
pub const HEAT: &str = "heat";
pub const EVALUATION: &str = "evaluation";
pub const EVALUATION_NOTE: &str = "evaluation-note";
pub const COMPARE: &str = "compare";
pub const COMPARE_WITH: &str = "compare-with";
pub const COMPARE_VERDICT: &str = "compare-verdict";
pub const REPEAT: &str = "repeat";
pub const REPEAT_COPY: &str = "repeat-copy";
pub const REPEAT_DOWNLOAD: &str = "repeat-download";
pub const SHOW_DOUBTFUL: &str = "show-doubtful";
pub const MISTAKE_KEEP: &str = "mistake-keep";
pub const VIEW: &str = "view";
pub const SUGGESTIONS_BAR: &str = "suggestions-bar";
pub const SUGGESTION: &str = "suggestion";
pub const SUGGESTION_ACCEPT: &str = "suggestion-accept";
pub const SUGGESTION_OTHER: &str = "suggestion-other";
pub const SUGGESTIONS_THRESHOLD: &str = "suggestions-threshold";
pub const SUGGESTIONS_ACCEPT_ALL: &str = "suggestions-accept-all";
pub const SUGGESTIONS_ORDER: &str = "suggestions-order";
pub const LEARNS: &str = "learns";
pub const DRAFT: &str = "draft";
pub const ALIKE_GROUP: &str = "alike-group";
pub const ALIKE_PICTURE: &str = "alike-picture";
pub const ALIKE_LABEL: &str = "alike-label";
pub const ALIKE_DELETE: &str = "alike-delete";
pub const USAGE: &str = "usage";
pub const MAP: &str = "map";
pub const MAP_PICTURE: &str = "map-picture";
pub const MAP_LABEL: &str = "map-label";
