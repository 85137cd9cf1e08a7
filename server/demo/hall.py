"""The demo hall: a believable public hall as plain data. Names stand in the four languages of the programs."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "openhall-demo"


def words(en: str, zh: str, ru: str, fa: str) -> dict[str, str]:
    """A data text in four languages."""
    return {"en": en, "zh": zh, "ru": ru, "fa": fa}


OUTLET = words("Linden Street Hall", "椴树街政务大厅", "Зал на Липовой улице", "تالار خیابان زیرفون")
ORGANISATION = words("City Services", "市政务服务中心", "Городские услуги", "خدمات شهری")
ZONES = (
    words("Ground floor", "一楼大厅", "Первый этаж", "طبقهٔ همکف"),
    words("First floor", "二楼大厅", "Второй этаж", "طبقهٔ اول"),
)
TICKER = (
    words(
        "Please keep your ticket until you have been served.",
        "请妥善保管您的号票，直至业务办理完毕。",
        "Пожалуйста, сохраняйте талон до окончания обслуживания.",
        "لطفاً نوبت خود را تا پایان کار نگه دارید.",
    ),
    words(
        "Drinking water and a place for children are beside the entrance.",
        "入口旁设有饮水处和儿童活动区。",
        "Питьевая вода и детский уголок находятся у входа.",
        "آب آشامیدنی و فضای کودک کنار ورودی است.",
    ),
)
SECTIONS = (
    ("#0a52a0", words("Registration", "登记服务", "Регистрация", "ثبت احوال")),
    ("#167245", words("Permits", "许可审批", "Разрешения", "مجوزها")),
    ("#9a5b00", words("Taxes and fees", "税费缴纳", "Налоги и сборы", "مالیات و عوارض")),
    ("#7a3e9d", words("Housing and family", "住房与家庭", "Жильё и семья", "مسکن و خانواده")),
)


@dataclass(frozen=True)
class DemoService:
    """A service of the demo hall."""

    prefix: str
    section: int
    zones: tuple[int, ...]
    minutes: int
    name: dict[str, str]
    description: dict[str, str]
    bring: tuple[dict[str, str], ...]
    hours: bool = False


ID_CARD = words("Identity card", "身份证", "Удостоверение личности", "کارت شناسایی")
PHOTO = words("Two photographs", "两张照片", "Две фотографии", "دو قطعه عکس")
FORM = words("Filled application form", "填写好的申请表", "Заполненное заявление", "فرم تکمیل‌شدهٔ درخواست")
CONTRACT = words("Contract or deed", "合同或产权证明", "Договор или свидетельство", "قرارداد یا سند")
NOTICE = words("Tax notice", "缴税通知书", "Налоговое уведомление", "برگ مالیات")

SERVICES = (
    DemoService("A", 0, (0,), 8, words("Identity cards", "身份证办理", "Удостоверения личности", "کارت شناسایی"),
        words("Apply, renew or collect", "申领、换领、领取", "Оформление, замена, выдача", "درخواست، تعویض یا دریافت"), (ID_CARD, PHOTO)),
    DemoService("B", 0, (0,), 12, words("Passports", "护照办理", "Паспорта", "گذرنامه"),
        words("New passport or renewal", "新办或换发护照", "Новый паспорт или замена", "گذرنامهٔ نو یا تمدید"), (ID_CARD, PHOTO, FORM)),
    DemoService("C", 0, (0, 1), 10, words("Address registration", "住址登记", "Регистрация по адресу", "ثبت نشانی"),
        words("Report a new address", "登记新住址", "Сообщить о новом адресе", "اعلام نشانی تازه"), (ID_CARD, CONTRACT)),
    DemoService("D", 1, (0,), 20, words("Business licences", "营业执照", "Лицензии на деятельность", "پروانهٔ کسب"),
        words("Open, change or close a business", "开业、变更、注销", "Открыть, изменить, закрыть дело", "گشایش، تغییر یا بستن کسب‌وکار"), (ID_CARD, FORM)),
    DemoService("E", 1, (1,), 25, words("Building permits", "建筑许可", "Разрешения на строительство", "پروانهٔ ساختمان"),
        words("Plans, changes, completion", "规划、变更、验收", "Проекты, изменения, приёмка", "نقشه، تغییر، پایان کار"), (ID_CARD, FORM, CONTRACT)),
    DemoService("F", 1, (1,), 15, words("Market stalls", "摊位许可", "Торговые места", "غرفهٔ بازار"),
        words("Places on the city's markets", "城市集市摊位", "Места на городских рынках", "جا در بازارهای شهر"), (ID_CARD,)),
    DemoService("G", 2, (0, 1), 9, words("Property tax", "房产税", "Налог на имущество", "مالیات ملک"),
        words("Pay, ask, correct", "缴纳、咨询、更正", "Оплата, вопросы, исправления", "پرداخت، پرسش، اصلاح"), (ID_CARD, NOTICE)),
    DemoService("H", 2, (1,), 7, words("Parking permits", "停车证", "Парковочные разрешения", "مجوز پارک"),
        words("Residents and visitors", "居民与访客", "Жители и гости", "ساکنان و مهمانان"), (ID_CARD,)),
    DemoService("J", 2, (1,), 6, words("Fees and payments", "缴费服务", "Оплата сборов", "پرداخت عوارض"),
        words("Cash and card", "现金与刷卡", "Наличные и карта", "نقد و کارت"), (NOTICE,)),
    DemoService("K", 3, (1,), 18, words("Housing support", "住房补助", "Помощь с жильём", "کمک مسکن"),
        words("Apply and ask", "申请与咨询", "Заявления и вопросы", "درخواست و پرسش"), (ID_CARD, CONTRACT)),
    DemoService("L", 3, (1,), 14, words("Child benefits", "育儿补贴", "Пособия на детей", "کمک‌هزینهٔ فرزند"),
        words("Apply or report a change", "申请或变更", "Заявление или изменение", "درخواست یا اعلام تغییر"), (ID_CARD, FORM)),
    DemoService("M", 3, (0,), 30, words("Marriage registration", "婚姻登记", "Регистрация брака", "ثبت ازدواج"),
        words("Both partners in person", "双方须亲自到场", "Оба лично", "حضور هر دو نفر"), (ID_CARD, PHOTO), hours=True),
)  # fmt: skip

WINDOW_SERVICES = (
    "ABM", "ABC", "ABCM", "ACG", "BCD", "DG", "DGA", "CGB",
    "CE", "EF", "FGC", "HJG", "HJ", "KL", "KLE", "JGFL",
)  # fmt: skip
"""What each of the sixteen windows accepts; the first eight stand on the ground floor."""

DEPARTMENTS = (
    words("Civil registry", "民政登记处", "Отдел регистрации", "ادارهٔ ثبت احوال"),
    words("City development", "城市建设局", "Отдел развития города", "ادارهٔ توسعهٔ شهر"),
    words("Treasury", "财政局", "Казначейство", "خزانه‌داری"),
    words("Family services", "家庭服务处", "Отдел по делам семьи", "خدمات خانواده"),
)
POSTS = {
    "clerk": words("Window clerk", "窗口工作人员", "Специалист окна", "متصدی باجه"),
    "guide": words("Hall guide", "大厅引导员", "Консультант зала", "راهنمای تالار"),
    "hall_manager": words("Hall manager", "大厅主任", "Начальник зала", "مدیر تالار"),
    "administrator": words("Administrator", "系统管理员", "Администратор", "مدیر سامانه"),
    "auditor": words("Auditor", "审计员", "Аудитор", "حسابرس"),
}
STAFF = (
    ("admin", "administrator", words("Olga Stern", "奥尔加·斯特恩", "Ольга Штерн", "اولگا اشترن")),
    ("manager", "hall_manager", words("Farid Karimi", "法里德·卡里米", "Фарид Карими", "فرید کریمی")),
    ("guide", "guide", words("Lin Yue", "林月", "Линь Юэ", "لین یوئه")),
    ("auditor", "auditor", words("Peter Hansen", "彼得·汉森", "Петер Хансен", "پیتر هانسن")),
    ("anna", "clerk", words("Anna Petrova", "安娜·彼得罗娃", "Анна Петрова", "آنا پتروا")),
    ("chen", "clerk", words("Chen Wei", "陈伟", "Чэнь Вэй", "چن وی")),
    ("sara", "clerk", words("Sara Ahmadi", "萨拉·艾哈迈迪", "Сара Ахмади", "سارا احمدی")),
    ("ivan", "clerk", words("Ivan Sokolov", "伊万·索科洛夫", "Иван Соколов", "ایوان ساکالوف")),
    ("li", "clerk", words("Li Na", "李娜", "Ли На", "لی نا")),
    ("reza", "clerk", words("Reza Moradi", "礼萨·莫拉迪", "Реза Моради", "رضا مرادی")),
    ("maria", "clerk", words("Maria Lopez", "玛丽亚·洛佩斯", "Мария Лопес", "ماریا لوپز")),
    ("wang", "clerk", words("Wang Fang", "王芳", "Ван Фан", "وانگ فانگ")),
    ("dmitri", "clerk", words("Dmitri Orlov", "德米特里·奥尔洛夫", "Дмитрий Орлов", "دمیتری آرلوف")),
    ("leila", "clerk", words("Leila Rahimi", "莱拉·拉希米", "Лейла Рахими", "لیلا رحیمی")),
    ("zhang", "clerk", words("Zhang Min", "张敏", "Чжан Минь", "ژانگ مین")),
    ("john", "clerk", words("John Carter", "约翰·卡特", "Джон Картер", "جان کارتر")),
    ("elena", "clerk", words("Elena Volkova", "叶莲娜·沃尔科娃", "Елена Волкова", "یلنا ولکوا")),
    ("omid", "clerk", words("Omid Jafari", "奥米德·贾法里", "Омид Джафари", "امید جعفری")),
    ("liu", "clerk", words("Liu Yang", "刘洋", "Лю Ян", "لیو یانگ")),
    ("emma", "clerk", words("Emma Brown", "艾玛·布朗", "Эмма Браун", "اما براون")),
)
MARRIAGE_HOURS = {day: [["09:00", "12:00"], ["14:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
LANGUAGES = ("en", "zh", "ru", "fa")
VOICE_LANGUAGES = ("en", "zh")
