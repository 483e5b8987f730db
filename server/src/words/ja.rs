use super::{Export, Help, PageWords, Span, Staff};
use api_types::Cause;
use app::words::Notice;

pub(super) static WORDS: PageWords = PageWords {
    help: Help {
        title: "メールソフトがタイムアウトする",
        lead: "原因がお手元にあるのかどうかと、そのあいだメールを読む方法をご案内します。",
        failing: |services| {
            format!(
                "{services} が応答していません。原因はサービス側にあり、お使いのパソコンやメールソフトに問題はありません。"
            )
        },
        failing_since: |service, since| format!("{service} ({since} から)"),
        slow: |services| {
            format!(
                "{services} の応答が遅くなっています。原因はサービス側にあり、お使いのパソコンやメールソフトに問題はありません。"
            )
        },
        spool: "メールの保存先に接続できないため、メールソフトも待たされている可能性があります。原因はサービス側にあり、お使いの\
                パソコンやメールソフトに問題はありません。",
        known: |services| {
            format!(
                "{services} の障害を把握しています (下のお知らせをご覧ください)。お使いのパソコンに問題はありません。"
            )
        },
        answering: |services| {
            format!(
                "{services} で応答しています。原因は、お手元からサーバーまでの経路かメールソフトにあると思われます。下の確認事項をご覧ください。"
            )
        },
        answering_in: |service, time| format!("{service} は {time}"),
        not_yet: "メールサーバーをまだ確認していません。1 分ほどしてから再読み込みしてください。",
        unwatched: "ここではメールサーバーを監視していないため、原因がどこにあるかは判断できません。",
        servers: "ここから見たメールサーバー",
        looks: |looks, failed| format!("直近 10 分の確認 {looks} 回のうち失敗 {failed} 回"),
        figures: |figures| format!("、p50 / p99 {figures}"),
        no_looks: "直近 10 分の確認なし",
        arrives: "メールは届いているか",
        newest: |at, ago| format!("受信箱の最新のメールは {at} ({ago}) に届きました。"),
        nothing: "受信箱にメールはありません。",
        read_now: "いまメールの保存先から読み取りました。",
        as_known: |cause, at| {
            let why = match cause {
                Cause::Slow => "メールの保存先が応答しない",
                Cause::Missing => "メールの保存先が見つからない",
                Cause::Denied => "メールの保存先を読み取る権限がない",
                Cause::Broken => "メールの保存先がエラーを返している",
                Cause::WrongStore => "接続されている保存先があなたのものと一致しない",
                Cause::Unsupported => "メールの保存先がまだ対応していない形式である",
                Cause::Portal => "このポータルのディスクに書き込めない",
                Cause::Unshown | Cause::Busy => "いまはメールを読み取れない",
            };
            format!(
                "分かっている範囲の内容です。{why}ため、{at} に確認した時点のものを表示しています。その後に届いたメールも失われてはおらず、復旧しだい\
                 表示されます。"
            )
        },
        unreadable: "いまはメールボックスを読み取れません。空になったわけではなく、メールは失われていません。",
        signed_out: "サインインすると、最新のメールがいつ届いたかを確認できます。",
        sign_in: "サインインしてこのページに戻る",
        who_knows: "いまはサインイン済みかどうかを確認できません。メールは失われていません。しばらくしてからもう一度お試しください。",
        ago: |seconds| match Span::of(seconds) {
            Span::Moments => "1 分以内".to_owned(),
            Span::Minutes(n) => format!("{n} 分前"),
            Span::Hours(n) => format!("{n} 時間前"),
            Span::Days(n) => format!("{n} 日前"),
        },
        to_do: "メールソフトを使わずに続けるには",
        read_here: "ここでメールを読む",
        export: "メールを書き出す",
        export_hint: "選んだメールやメールボックスを、メールソフトに取り込める形でダウンロードします。メールの保存先が応答しないあいだもダウンロードでき、取得できなかったものはファイルの中に記されます。",
        check: "メールソフトの確認事項",
        check_network: "ほかのサイトは開けますか。学外では、ファイアウォールや VPN がメールの通信を遮っていることがあります。",
        check_password: "最近パスワードを変更しましたか。メールソフトにも新しいパスワードを設定してください。",
        check_restart: "メールソフトを終了して、もう一度起動してください。止まったままの接続が作り直されます。",
        check_settings: "正しいサーバーの設定は次のとおりです。",
        server: |service, host, port| format!("{service}: {host} (ポート {port})"),
        contact: |contact| format!("お問い合わせ: {contact}"),
    },
    export: Export {
        title: "この書き出しについて",
        made: |when| [when, " に書き出しました。"].concat(),
        live: |name, number, when| [name, ": ", number, " 通 (", when, " 現在)"].concat(),
        saved: |name, number, when| {
            [
                name,
                ": ",
                number,
                " 通 (メールの保存先を読み取れないため、",
                when,
                " 現在の控えの一覧による)",
            ]
            .concat()
        },
        unmarked: |name, number, when| {
            [
                name,
                ": ",
                number,
                " 通 (",
                when,
                " ごろの控え。欠けや重複があるかもしれません)",
            ]
            .concat()
        },
        snapshot: |name, number, when| [name, ": ", number, " 通 (", when, " のスナップショット)"].concat(),
        name_live: "最新",
        name_saved: "保存コピー",
        never: |name, number| [name, ": ", number, " 通 (一覧をまだ最後まで読めていません)"].concat(),
        pending: |number| ["あと ", number, " 通のヘッダーがまだ読まれていません。"].concat(),
        copies: |copies, whole| {
            [
                "メールの保存先を読み取れなかったため、",
                whole,
                " 通のうち ",
                copies,
                " 通は保存済みのコピーです。",
            ]
            .concat()
        },
        missing: "次のメールは読めませんでした。メールの保存先の復旧後にもう一度書き出してください:",
        unnamed: |number| ["ほか ", number, " 通"].concat(),
        more: "検索で見つかったメールが多すぎるため、新しいものだけを書き出しました。",
        busy: Notice {
            title: "ほかの書き出しが進行中です",
            text: "終わってから、もう一度お試しください。",
        },
        heading: "メールを書き出す",
        heading_of: |name| [name, "から書き出す"].concat(),
        intro: "選んだメールを 1 つのファイルにまとめてダウンロードします。メールの保存先を読み取れないときも、保存済みのコピーから書き出せます。",
        hint: |number| {
            [
                "選んだメールだけを書き出します。1 通も選ばなければ、",
                number,
                " 通すべてを書き出します。",
            ]
            .concat()
        },
        mailboxes: "メールボックス",
        choose: "メールを選ぶ",
        choose_of: |name| [name, "のメールを選ぶ"].concat(),
        other_mailboxes: "ほかのメールボックスもまとめて書き出す",
        messages: "メール",
        period: "期間 (指定しなければすべて)",
        since: "この日から",
        until: "この日まで",
        form: "形式",
        zip: "1 通ずつのファイル (.eml) を ZIP にまとめる",
        mbox: "mbox: メールソフトに読み込むための形式",
        submit: "ダウンロード",
        newer: "前の一覧",
        older: "次の一覧",
        each_page: "選択は、表示している一覧の中だけで有効です。",
    },
    staff: Staff {
        title: "障害情報の掲示",
        lead: "ここで掲示した内容は、すぐに全員に表示されます (続いているあいだはすべてのページ、稼働状況のページ、フィード)。",
        none: "ありません。",
        change: "続報・終了",
        back: "障害情報の一覧",
        by: |name| format!("掲示: {name}"),
        open_new: "新しく掲示する",
        so_far: "これまでの掲示",
        tell_more: "続報を掲示する",
        severity: "程度",
        affects: "対象のサービス",
        ja: "日本語の本文",
        en: "英語の本文",
        from: "開始日時 (予定の場合)",
        until: "終了見込み (分かる場合)",
        times: |zone| format!("日時は {zone} のものです (設定で変更できます)。"),
        open: "掲示する",
        update: "掲示する",
        close: "終了にする",
        close_hint: "終了にするときは、本文は空のままでもかまいません。",
        opened: "掲示しました。",
        updated: "続報を掲示しました。",
        closed: "終了にしました。",
        not_told: "まだ掲示していません。",
        meanwhile: "入力中に、ほかの担当者が続報を掲示したか終了にしました。現在の内容を上に表示しています。ご確認のうえ、必要であればもう一度\
                    送信してください。",
        bad_length: |most| format!("本文は日本語・英語とも 1 〜 {most} 文字で入力してください。"),
        bad_control: "本文に表示できない文字が含まれています。",
        bad_time: "日時を 2026-12-01T18:00 の形で入力してください。",
        bad_order: "終了見込みは開始日時より後にしてください。",
        bad_severity: "程度を選んでください。",
        bad_service: "そのようなサービスはありません。",
        bad_database: "いまはデータベースに書き込めません。入力内容はそのまま残っています。もう一度お試しください。",
        read_only: "このセッションでは変更できません。",
    },
    expected: |until| format!("終了見込み: {until}"),
};
